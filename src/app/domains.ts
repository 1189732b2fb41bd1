/** The subjects that the room's generator can write about, as the settings name them. */
export const domains = ['kitchen', 'market', 'weather', 'clinic', 'football', 'space-station'] as const
