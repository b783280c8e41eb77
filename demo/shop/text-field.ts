import { h } from './dom.ts';

export type TextField = {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** Shows what is wrong with the value, if anything, and says whether it is fine. */
  readonly check: () => boolean;
  readonly setError: (message: string) => void;
};

export function textField(options: {
  readonly name: string;
  readonly label: string;
  readonly type?: string;
  readonly autocomplete: string;
  readonly width?: 'half';
  readonly problemWith: (value: string) => string;
}): TextField {
  const errorId = `${options.name}-error`;
  const error = h('p', { class: 'error', id: errorId });
  const input = h('input', {
    id: options.name,
    name: options.name,
    type: options.type ?? 'text',
    autocomplete: options.autocomplete,
    required: true,
    input: () => setError(''),
  });

  function setError(message: string): void {
    error.textContent = message;
    input.setAttribute('aria-invalid', String(message !== ''));
    if (message === '') input.removeAttribute('aria-describedby');
    else input.setAttribute('aria-describedby', errorId);
  }

  function check(): boolean {
    const problem = options.problemWith(input.value.trim());
    setError(problem);
    return problem === '';
  }

  const element = h(
    'div',
    { class: options.width === 'half' ? 'field field-half' : 'field' },
    h('label', { for: options.name }, options.label),
    input,
    error,
  );
  return { element, input, check, setError };
}
