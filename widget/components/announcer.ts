/**
 * Speaks for the widget. It lives in the page's own tree, since some browsers and screen readers miss live regions
 * inside shadow roots; each message is a new node, filled once the region is known.
 */
export class Announcer {
  readonly #region = document.createElement('div');

  constructor() {
    this.#region.setAttribute('role', 'status');
    this.#region.setAttribute('aria-live', 'polite');
    this.#region.className = 'cartbell-announcer';
    // By script and not as an attribute, which a strict content security policy would refuse.
    this.#region.style.cssText =
      'position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap';
    document.body.append(this.#region);
  }

  say(text: string): void {
    const message = document.createElement('div');
    this.#region.replaceChildren(message);
    requestAnimationFrame(() => requestAnimationFrame(() => (message.textContent = text)));
  }

  remove(): void {
    this.#region.remove();
  }
}
