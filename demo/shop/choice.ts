import { h } from './dom.ts';

type Option<Value extends string> = {
  readonly value: Value;
  readonly label: string;
  readonly text: string;
  readonly end?: string;
};

export type Choice<Value extends string> = { readonly element: HTMLElement; readonly value: () => Value };

/** A group of radio buttons of which the first is chosen at the start. */
export function choice<Value extends string>(options: {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly [Option<Value>, ...Option<Value>[]];
  readonly onChoose: () => void;
}): Choice<Value> {
  let chosen = options.options[0].value;
  const radios = options.options.map((option) =>
    h(
      'label',
      { class: 'choice' },
      h('input', {
        type: 'radio',
        name: options.name,
        value: option.value,
        checked: option.value === chosen,
        change: () => {
          chosen = option.value;
          options.onChoose();
        },
      }),
      h(
        'span',
        { class: 'choice-text' },
        h('span', { class: 'choice-label' }, option.label),
        h('span', { class: 'small' }, option.text),
      ),
      option.end !== undefined && h('span', { class: 'price' }, option.end),
    ),
  );
  const element = h('fieldset', { class: 'block choices' }, h('legend', {}, options.legend), ...radios);
  return { element, value: () => chosen };
}
