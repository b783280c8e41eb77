/** `cartbell('event', 'add_to_cart', {…})`, `cartbell('consent', { storage: 'granted' })`, `cartbell('medusa', cart)`, `cartbell('inspect', listener)`; kept in a queue until the widget is there. */
export type PublicCall = ArrayLike<unknown>;

interface CallPage {
  cartbell?: ((...call: unknown[]) => void) & { q?: PublicCall[] };
}

/** What was called before the widget was there. */
export function earlyCalls(): readonly PublicCall[] {
  return (window as CallPage).cartbell?.q ?? [];
}

/** Hears every call made with `cartbell(…)`, those made before this included. */
export function hearCalls(hear: (call: PublicCall) => void): void {
  const page = window as CallPage;
  /** A shop's call never fails, whatever it says. */
  const safely = (call: PublicCall) => {
    try {
      hear(call);
    } catch (error) {
      console.debug('Cartbell:', error);
    }
  };
  const early = earlyCalls();
  page.cartbell = (...call: unknown[]) => safely(call);
  for (const call of early) safely(call);
}
