/** Chance, handed in. The same seed gives the same draws, so that a decision can be replayed from the log. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
}

/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded with 128 bits. Each decision has a seed of its own from the
 * system's secure source, so codes drawn here tell nothing about anybody else's.
 */
export function randomFrom(seed: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = seed;
  const uint32 = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();
  return { uint32 };
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A coupon's code: 80 random bits in Crockford's base 32, in four groups that a person can read out. */
export function couponCode(random: Random): string {
  return `${fourCharacters(random)}-${fourCharacters(random)}-${fourCharacters(random)}-${fourCharacters(random)}`;
}

/** 80 random bits in 16 characters, for ids that nobody types. */
export function randomId(random: Random): string {
  return fourCharacters(random) + fourCharacters(random) + fourCharacters(random) + fourCharacters(random);
}

function fourCharacters(random: Random): string {
  const bits = random.uint32();
  const at = (shift: number) => CROCKFORD.charAt((bits >>> shift) & 31);
  return at(0) + at(5) + at(10) + at(15);
}

/** The code as it is stored: what people mistype (case, spaces, dashes, O for 0, I and L for 1) is mended. */
export function canonicalCode(typed: string): string {
  const bare = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return bare.replace(/(.{4})(?=.)/g, '$1-');
}
