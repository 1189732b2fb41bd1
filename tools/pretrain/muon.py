"""Muon: a matrix's step is its momentum with all singular values brought to about one, so that directions that are rarely seen
move as far as the common ones (K. Jordan et al., 2024, https://kellerjordan.github.io/posts/muon). For the matrices inside the
blocks; embeddings, norms and biases are AdamW's."""
import torch


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, rate, weight_decay):
        super().__init__(parameters, {'lr': rate, 'momentum': 0.95, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self, pool):
        """One step, its matrices shared out among the threads of a pool."""
        for group in self.param_groups:
            list(pool.map(lambda parameter: self.step_one(parameter, group), group['params']))

    @torch.no_grad()
    def step_one(self, parameter, group):
        state = self.state[parameter]
        if 'momentum' not in state:
            state['momentum'] = torch.zeros_like(parameter)
        average = state['momentum'].mul_(group['momentum']).add_(parameter.grad)
        rows, columns = parameter.shape  # [out, in]
        step = orthogonal(parameter.grad + group['momentum'] * average) * max(1, rows / columns) ** 0.5
        parameter.mul_(1 - group['lr'] * group['weight_decay']).add_(step, alpha=-group['lr'])


def orthogonal(matrix, iterations=5):
    """The nearest matrix whose singular values are about one, by Newton and Schulz; the coefficients are the paper's."""
    x = matrix / (matrix.norm() + 1e-7)
    is_tall = x.shape[0] > x.shape[1]
    if is_tall:
        x = x.T
    for _ in range(iterations):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x.T if is_tall else x
