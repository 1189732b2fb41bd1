/**
 * A Vulkan driver for tests on machines without a GPU: Chromium brings a loader and SwiftShader, a software driver, in its
 * own folder. Dawn (the package `webgpu`) finds them by the environment, which must stand before its process starts. Whoever names
 * a driver there gets that one.
 */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium } from '@playwright/test'

const folders = [
  process.env.CHROMIUM && dirname(process.env.CHROMIUM),
  dirname(chromium.executablePath()),
  '/usr/lib/chromium', // Debian's; /usr/bin/chromium is only a script
]

/**
 * Empty where a driver is named already, and where no Chromium lies: then there is no WebGPU in Node, and its tests say so.
 */
export function vulkanEnvironment(): Record<string, string> {
  if (process.env.VK_DRIVER_FILES || process.env.VK_ICD_FILENAMES) return {}
  const folder = folders.find((path) => path && existsSync(join(path, 'vk_swiftshader_icd.json')))
  if (!folder) return {}
  return {
    LD_LIBRARY_PATH: [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir(),
  }
}
