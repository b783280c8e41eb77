import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Reason } from '../../../server/core/reasons.ts';
import type { LogRecord } from '../../../server/store/log-record.ts';
import { linesOf } from '../../../server/store/record-lines.ts';
import { ShopperId, SiteId } from '../../../shared/ids.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
/** As conditions give them: of few rules, some the same object as before, some of the same rule and another. */
const shared: readonly Reason[] = ['cart-idle', 'exit', 'thanks'].flatMap((rule) =>
  [1, 2].map((wanted) => ({
    rule,
    result: 'held' as const,
    by: 'condition' as const,
    path: 'cart.value',
    wanted: `$gte ${wanted}`,
    actual: undefined,
  })),
);
const reason: fc.Arbitrary<Reason> = fc.oneof(
  fc.constantFrom(...shared),
  fc.record({
    rule: text,
    result: fc.constant('held'),
    by: fc.constant('condition'),
    path: text,
    wanted: text,
    actual: text,
  }),
);
const whole = fc.nat(4_294_967_295);
const together = fc.record({ how: fc.constant('viewed' as const), item: text, with: fc.array(text) });
const ordinary = {
  at: fc.nat(),
  site: fc.constant(SiteId.parse('shop')),
  shopper: fc.constant(ShopperId.parse('AAAAAAAAAAAAAAAAAAAAAA')),
  version: fc.nat(),
  seed: fc.tuple(whole, whole, whole, whole),
  input: fc.record({ kind: fc.constant('call' as const), rule: text }),
};
const rare = { reasons: fc.array(reason), together: fc.array(together), entered: fc.array(text) };
const record: fc.Arbitrary<LogRecord> = fc.record(
  { ...ordinary, ...rare },
  { requiredKeys: Object.keys(ordinary) as (keyof typeof ordinary)[] },
);

it('a line is the JSON of its record, whatever was written before it', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const lines = linesOf(records).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
        records.map((one) => JSON.parse(JSON.stringify(one)) as unknown),
      );
    }),
  );
});
