import { z } from 'zod';

/** Conditions as an owner writes them; the core checks fields and operators. A zod record would drop `__proto__` unseen. */
export const Conditions = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Conditions are an object.',
);
