/** Where attacks are tried without a browser, on the same model as on the page. For Node only. */
import { directorySource } from '../../model/source/directory'
import { findDirectory } from '../../training/headless'
import type { Site } from './attack'

const model = 'public/models/toy'

export const siteFor = (seed: number): Site => ({
  seed,
  model,
  load: async (request, _, how) => (await findDirectory(request.model, request.backend)).load(how?.partOf),
  files: directorySource(model),
})
