/** Resolves nowhere, so that whoever asks for it is seen and nobody is reached. */
export const BEACON = 'https://beacon.invalid';

/** What a payload does once it runs: each is seen from outside the page. */
export const CALL = '__pwned()';
export const DIALOG = 'alert(1)';
export const FETCH = `fetch('${BEACON}/f')`;
