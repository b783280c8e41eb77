const MARK = 'data-cartbell-slot';
/** Pages that are built by script change often: one look for many changes. */
const LOOK_AFTER_MS = 100;

/** The places that the shop has marked in its page, as far as somebody asks for them. */
export class MarkedSlots {
  readonly #changed: () => void;
  #observer: MutationObserver | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Only while there is something to put there: watching a page costs it. */
  watch(isWanted: boolean): void {
    if (isWanted === (this.#observer !== null)) return;
    this.#observer?.disconnect();
    clearTimeout(this.#timer);
    this.#observer = null;
    if (!isWanted) return;
    this.#observer = new MutationObserver(() => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#changed, LOOK_AFTER_MS);
    });
    const what = { subtree: true, childList: true, attributeFilter: [MARK] };
    this.#observer.observe(document.documentElement, what);
    this.#changed();
  }

  names(): string[] {
    const names = [...document.querySelectorAll(`[${MARK}]`)].map((slot) => slot.getAttribute(MARK) ?? '');
    return [...new Set(names)].sort();
  }

  /** The first of that name, if the page has one. */
  find(name: string): HTMLElement | null {
    return document.querySelector<HTMLElement>(`[${MARK}="${CSS.escape(name)}"]`);
  }
}
