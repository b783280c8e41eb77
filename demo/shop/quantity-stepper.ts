import { h } from './dom.ts';
import { words } from './words.ts';

type Stepper = { readonly element: HTMLElement; readonly value: () => number };

export function quantityStepper(options: {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** Tells this stepper's buttons apart when the focus is put back after a redraw. */
  readonly focusKey: string;
  readonly onChange?: (value: number) => void;
}): Stepper {
  let value = options.value;
  const shown = h('output', {}, String(value));
  const less = step('−', words.less, `${options.focusKey}-less`, -1);
  const more = step('+', words.more, `${options.focusKey}-more`, 1);

  function step(sign: string, label: string, key: string, by: number): HTMLButtonElement {
    return h(
      'button',
      { type: 'button', 'aria-label': label, 'data-focus': key, click: () => move(by) },
      sign,
    );
  }

  function update(): void {
    shown.textContent = String(value);
    less.setAttribute('aria-disabled', String(value <= 1));
    more.setAttribute('aria-disabled', String(value >= options.max));
  }

  function move(by: number): void {
    const next = Math.max(1, Math.min(value + by, options.max));
    if (next === value) return;
    value = next;
    update();
    options.onChange?.(value);
  }

  update();
  const element = h(
    'div',
    { class: 'stepper', role: 'group', 'aria-label': options.label },
    less,
    shown,
    more,
  );
  return { element, value: () => value };
}
