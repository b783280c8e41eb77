import { codeDigest } from '../../../server/core/code-digest.ts';
import type { Nudge } from '../../../shared/nudge.ts';
import type { Report } from './violation.ts';

/** What a shopper was promised with a nudge. */
interface Promised {
  readonly nudge: string;
  readonly expiresAt: number;
  readonly shopper: string;
  /** Its digest, known once it is stored. */
  code: string | null;
  order: string | null;
}

interface StoredCoupon {
  readonly digest: string;
  readonly nudge: string;
  readonly expiresAt: number;
  readonly order: string | null;
}

/** As many of a shopper's codes are kept. */
const KEPT = 20;

/** Every code that was handed out, with the deadline that was promised first. */
export class CouponBook {
  readonly #byCode = new Map<string, Promised>();
  readonly #byNudge = new Map<string, Promised>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** The digests of all codes, the newest last. */
  get codes(): string[] {
    return [...this.#byCode.keys()];
  }

  hasUnspent(shopper: string, now: number): boolean {
    return [...this.#byNudge.values()].some(
      (coupon) => coupon.shopper === shopper && coupon.order === null && coupon.expiresAt > now,
    );
  }

  /** A nudge with an offer was decided. */
  promise(shopper: string, nudge: string, expiresAt: number): void {
    this.#byNudge.set(nudge, { nudge, expiresAt, shopper, code: null, order: null });
  }

  /** The code of a nudge becomes known: it is stored with it, or the log tells that it was spent. */
  nameCode(code: string, nudge: string): void {
    const known = this.#byNudge.get(nudge);
    if (known?.code !== null) return;
    known.code = code;
    this.#byCode.set(code, known);
  }

  /** A shop's order may spend what nobody has spent, until its deadline. */
  spend(code: string, order: string, now: number): void {
    const known = this.#byCode.get(code);
    if (known?.order === null && now < known.expiresAt) known.order = order;
  }

  /** What a commit leaves behind is what was promised and spent. */
  stored(shopper: string, coupons: readonly StoredCoupon[]): void {
    for (const { digest: code, nudge, expiresAt, order } of coupons) {
      this.nameCode(code, nudge);
      const known = this.#byNudge.get(nudge);
      if (known?.shopper !== shopper || known.code !== code || known.expiresAt !== expiresAt)
        this.#report('honestCountdown', `${code} is stored until ${expiresAt}, not ${known?.expiresAt}`);
      else if (known.order !== order)
        this.#report('honestCountdown', `${code} is stored as spent by ${order}, not ${known.order}`);
    }
  }

  /** What travels to a page, or is painted there. */
  shown({ id, offer, expiresAt }: Nudge): void {
    const known = this.#byNudge.get(id);
    if (!known && !offer) return;
    const isTrue =
      known &&
      offer !== undefined &&
      codeDigest(offer.code) === known.code &&
      offer.expiresAt === known.expiresAt &&
      expiresAt === known.expiresAt;
    if (!isTrue) this.#report('honestCountdown', `${id} shows ${offer?.code} until ${offer?.expiresAt}`);
  }

  /** What a shop was told that asked for a code between two moments of the store's clock. */
  answered(
    code: string,
    order: string,
    answer: { readonly outcome: string; readonly deadline: number | null },
    asked: number,
    told: number,
  ): void {
    const known = this.#byCode.get(code);
    if (!known) return;
    const isTrue = this.#isTrue(known, order, answer.outcome, asked, told);
    const isSameDeadline = answer.deadline === null || answer.deadline === known.expiresAt;
    if (!isTrue || !isSameDeadline)
      this.#report(
        'honestCountdown',
        `${code}, good until ${known.expiresAt} and spent by ${known.order}, was answered ${JSON.stringify(answer)} to ${order}`,
      );
  }

  #isTrue(known: Promised, order: string, outcome: string, asked: number, told: number): boolean {
    switch (outcome) {
      case 'redeemed':
        return known.order === order && asked <= told;
      case 'spent':
        return known.order !== null && known.order !== order;
      case 'expired':
        return known.expiresAt <= told && known.order !== order;
      default:
        return this.#isForgotten(known);
    }
  }

  #isForgotten({ shopper, code }: Promised): boolean {
    const own = [...this.#byCode.values()].filter((coupon) => coupon.shopper === shopper);
    return own.length - own.findIndex((coupon) => coupon.code === code) > KEPT;
  }
}
