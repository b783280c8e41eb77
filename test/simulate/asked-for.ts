/** The one world that was asked for by `SEED=123`; null: all of them. */
export const askedSeed = process.env['SEED'] ? Number(process.env['SEED']) : null;

/** The planted fault to live through it with, by `FAULT="its name"`. */
export const askedFault = process.env['FAULT'];
