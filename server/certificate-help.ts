/** One short page about the browser's warning. Plain HTML, because it must open before the certificate is accepted. */
export const certificateHelp = (secureBase: string | null): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gossamer: about the warning</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
  a { font-weight: 600 }
</style>
<h1>Your browser will warn you. Here is why.</h1>
<p>Gossamer runs on a computer in this room, not on the internet. Its certificate was made by that computer itself, so no
outside authority vouches for it, and the browser says so.</p>
<p>The connection is encrypted all the same. What protects the room is not this certificate but the secret in your
invitation link: tabs check it with each other before they exchange anything.</p>
<h2>What to do</h2>
<ul>
  <li><strong>Chrome, Edge:</strong> choose <em>Advanced</em>, then <em>Proceed</em>.</li>
  <li><strong>Firefox:</strong> choose <em>Advanced</em>, then <em>Accept the risk and continue</em>.</li>
  <li><strong>Safari:</strong> choose <em>Show details</em>, then <em>visit this website</em>.</li>
</ul>
<p>Only do this on a network whose people you know, and only for the address on the teacher's screen.</p>
${secureBase ? `<p><a href="${secureBase}/">Go on to ${secureBase}</a></p>` : ''}
</html>
`
