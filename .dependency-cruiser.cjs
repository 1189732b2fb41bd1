// Which room may know which (docs/architecture.md). A room not named in `may` is out of reach; everybody may use lib/.
const rooms = {
  lib: [],
  kernels: ['lib'],
  model: ['kernels', 'lib'],
  corpora: ['lib'],
  training: ['corpora', 'model', 'kernels', 'lib'],
  network: ['lib'],
  federation: ['lib'],
  reasoning: ['lib'],
  settings: ['reasoning', 'federation', 'model', 'corpora', 'lib'],
  node: ['reasoning', 'settings', 'federation', 'network', 'training', 'model', 'corpora', 'lib'],
  lab: ['node', 'reasoning', 'settings', 'network', 'federation', 'training', 'model', 'corpora', 'lib'],
  cli: ['lab', 'reasoning', 'network', 'settings', 'federation', 'training', 'model', 'corpora', 'lib'],
  app: ['node', 'lab', 'settings', 'lib'],
}

const layers = Object.entries(rooms).map(([room, may]) => ({
  name: `${room}-imports-downward-only`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [`^src/(${[room, ...may].join('|')})/`, ...exceptions(room)] },
}))

/** Pure rooms know of others what they speak of: adapters and their bytes; how a token is chosen, what an engine can be asked. */
function exceptions(room) {
  if (room === 'federation') return ['^src/model/(adapter|safetensors)\\.ts$']
  if (room !== 'reasoning') return []
  return [
    '^src/model/(concatenation|masses|philox|sampling|stretch)\\.ts$',
    '^src/training/session\\.ts$',
    '^src/network/time/clock\\.ts$',
  ]
}

module.exports = {
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'tfjs-stays-in-the-engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(kernels|model|training)/' },
      to: { path: '@tensorflow' },
    },
    {
      name: 'peerjs-stays-in-network',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/network/' },
      to: { path: 'node_modules/peerjs' },
    },
    {
      name: 'react-stays-in-app',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app/|main\\.tsx)' },
      to: { path: 'node_modules/(react|react-dom|radix-ui|uplot|sonner)/' },
    },
    {
      name: 'pages-never-import-the-server',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^server/' },
    },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.test\\.tsx?$|/fixtures/|/simd/assembly/)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs'] },
  },
}
