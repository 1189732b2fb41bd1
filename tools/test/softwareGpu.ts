/**
 * SwiftShader, the GPU of machines without one, writes out the zeros that WebGPU promises in workgroup memory one by one
 * where Dawn leaves them to the driver, and then compiles a shader for five to ten times as long. Without this feature Dawn
 * writes the same zeros with a loop in the shader. The name is that of Dawn's own flag.
 */
export const slowOnSoftwareGpus = 'use_vulkan_zero_initialize_workgroup_memory_extension'
