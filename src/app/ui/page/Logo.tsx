/** The mark: a few threads, one ring of silk, one drop. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="-16 -16 32 32"
      fill="none"
      stroke="currentColor"
    >
      <path d="M0-14V14M-12.1-7 12.1 7M12.1-7-12.1 7" strokeWidth="0.8" opacity="0.7" />
      <path d="M0-11Q5-7.5 9.5-5.5 8.7 0 9.5 5.5 5 7.5 0 11-5 7.5-9.5 5.5-8.7 0-9.5-5.5-5-7.5 0-11Z" />
      <path
        d="M0-6Q2.8-4.2 5.2-3 4.8 0 5.2 3 2.8 4.2 0 6-2.8 4.2-5.2 3-4.8 0-5.2-3-2.8-4.2 0-6Z"
        strokeWidth="0.8"
      />
      <circle cx="9.5" cy="-5.5" r="3.4" fill="var(--sun)" stroke="none" />
    </svg>
  )
}
