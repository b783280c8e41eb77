/** `cartbell('event', 'add_to_cart', {…})`, `cartbell('consent', { marketing: 'granted' })`, `cartbell('medusa', cart)`, `cartbell('inspect', listener)`; kept in a queue until the widget is there. */
export type PublicCall = readonly unknown[];

interface CallPage {
  cartbell?: ((...call: unknown[]) => void) & { q?: ArrayLike<unknown>[] };
}

/** Hears every call made with `cartbell(…)`, those made before this included. */
export function hearCalls(hear: (call: PublicCall) => void): void {
  const page = window as Window & CallPage;
  const early = page.cartbell?.q ?? [];
  /** A shop's call never fails, whatever it says. */
  const safely = (call: PublicCall) => {
    try {
      hear(call);
    } catch (error) {
      console.debug('Cartbell could not read this.', error);
    }
  };
  page.cartbell = (...call: unknown[]) => safely(call);
  for (const call of Array.from(early)) safely(Array.from(call));
}
