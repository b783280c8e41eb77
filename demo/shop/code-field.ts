import { h } from './dom.ts';
import type { CodeError } from './orders.ts';
import { forgetCode, rememberCode, rememberedCode, tidy } from './remembered-code.ts';
import { words } from './words.ts';

type CodeField = {
  readonly element: HTMLElement;
  readonly code: () => string;
  readonly refuse: (error: CodeError) => void;
};

export function codeField(): CodeField {
  const status = h('p', { class: 'code-status', id: 'code-status', role: 'status' });
  const input = h('input', {
    id: 'code',
    name: 'code',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: 64,
    'aria-describedby': 'code-hint code-status',
    keydown: (event) => {
      // Enter in this field means the code, not the whole order.
      if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      apply();
    },
  });
  const removeButton = quietButton('text-button', words.removeCode, remove);

  function show(message: string, kind: 'fine' | 'wrong' | 'none'): void {
    status.textContent = message;
    status.setAttribute('data-kind', kind);
    input.setAttribute('aria-invalid', String(kind === 'wrong'));
    removeButton.hidden = tidy(input.value) === '';
  }

  function apply(): void {
    const code = tidy(input.value);
    if (code === '') {
      forgetCode();
      show(words.codeEmpty, 'wrong');
      return;
    }
    rememberCode(code);
    show(words.codeApplied(code), 'fine');
  }

  function remove(): void {
    forgetCode();
    input.value = '';
    show(words.codeRemoved, 'none');
    input.focus();
  }

  function refuse(error: CodeError): void {
    show(words.codeErrors[error], 'wrong');
    input.focus();
  }

  input.value = rememberedCode();
  if (input.value === '') show('', 'none');
  else apply();
  const element = h(
    'div',
    { class: 'code' },
    h('label', { for: 'code' }, words.code),
    h('div', { class: 'code-row' }, input, quietButton('button button-quiet', words.apply, apply)),
    h('p', { class: 'small', id: 'code-hint' }, words.codeHint),
    status,
    removeButton,
  );
  // What stands in the field counts, applied or not: nobody should lose a discount to a button.
  return { element, code: () => tidy(input.value), refuse };
}

function quietButton(look: string, label: string, click: () => void): HTMLButtonElement {
  return h('button', { type: 'button', class: look, click }, label);
}
