/** Zones whose clocks differ in all that matters: none, an hour, half an hour put forward, a quarter of an hour off. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Seoul',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
] as const;
