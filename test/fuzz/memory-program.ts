import { runInMemory } from './memory-run.ts';

// A process of its own, so that what is measured of its memory is the hub's and nobody's beside it.
const { FUZZ_DIR = '', FUZZ_SEED = '1', FUZZ_FRAMES = '1000' } = process.env;
const say = (line: string) => process.send?.({ line });
const result = await runInMemory(FUZZ_DIR, { seed: Number(FUZZ_SEED), frames: Number(FUZZ_FRAMES), say });
process.send?.({ result });
