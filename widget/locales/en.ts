import type { Words } from './words.ts';

export const en: Words = {
  region: 'Messages from the shop (F8)',
  bar: 'A note from the shop (F8)',
  dismiss: 'Dismiss',
  more: 'More about this message',
  useful: 'Useful',
  notUseful: 'Not useful',
  less: 'Less of this',
  lessSaid: 'You will see less of this.',
  inbox: 'All messages',
  unread: (count) => (count === 0 ? 'Messages' : `Messages, ${count} new`),
  preferences: 'Settings',
  copyCode: 'Copy code',
  copied: 'Copied',
  code: 'Code',
  endsIn: 'Ends in',
  endsSoon: 'The offer ends in less than a minute.',
  was: 'Lowest price of the 30 days before:',
  personalised: 'Chosen for you automatically, by how you use this shop.',
  progress: 'How far your cart has come',
  missing: (amount) => `${amount} to go`,
  reached: 'You are there.',
  minutesLeft: (minutes) =>
    minutes === 1 ? 'The offer ends in 1 minute.' : `The offer ends in ${minutes} minutes.`,
};
