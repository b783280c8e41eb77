import { h } from './dom.ts';
import { language } from './language.ts';
import { type TextField, textField } from './text-field.ts';
import { words } from './words.ts';

type AddressForm = {
  readonly element: HTMLElement;
  readonly email: () => string;
  /** Marks what is missing and moves the focus to the first such field. */
  readonly check: () => boolean;
  readonly fillExample: () => void;
};

const COUNTRIES = ['AT', 'BE', 'DE', 'ES', 'FI', 'FR', 'IE', 'IT', 'KR', 'NL', 'PT'];

const examples: Readonly<Record<typeof language, Readonly<Record<string, string>>>> = {
  en: {
    email: 'mina@example.com',
    name: 'Mina Weber',
    street: 'Lindenweg 12',
    postcode: '79098',
    city: 'Freiburg',
    country: 'DE',
  },
  ko: {
    email: 'mina@example.com',
    name: '김미나',
    street: '성북로 12길 8',
    postcode: '02880',
    city: '서울',
    country: 'KR',
  },
};

const example = examples[language];

function missing(value: string): string {
  return value === '' ? words.required : '';
}

function emailProblem(value: string): string {
  if (value === '') return words.required;
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value) ? '' : words.emailWrong;
}

function countrySelect(): HTMLSelectElement {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const options = COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language))
    .map(({ code, name }) => h('option', { value: code, selected: code === example['country'] }, name));
  return h('select', { id: 'country', name: 'country', autocomplete: 'country' }, ...options);
}

function addressFields(): readonly TextField[] {
  return [
    textField({
      name: 'name',
      label: words.fullName,
      autocomplete: 'name',
      problemWith: missing,
    }),
    textField({
      name: 'street',
      label: words.street,
      autocomplete: 'street-address',
      problemWith: missing,
    }),
    textField({
      name: 'postcode',
      label: words.postcode,
      autocomplete: 'postal-code',
      width: 'half',
      problemWith: missing,
    }),
    textField({
      name: 'city',
      label: words.city,
      autocomplete: 'address-level2',
      width: 'half',
      problemWith: missing,
    }),
  ];
}

export function addressForm(): AddressForm {
  const email = textField({
    name: 'email',
    label: words.email,
    type: 'email',
    autocomplete: 'email',
    problemWith: emailProblem,
  });
  const address = addressFields();
  const country = countrySelect();
  const fields = [email, ...address];

  function check(): boolean {
    const wrong = fields.filter((field) => !field.check());
    wrong[0]?.input.focus();
    return wrong.length === 0;
  }

  function fillExample(): void {
    for (const { input, setError } of fields) {
      input.value = example[input.name] ?? '';
      setError('');
    }
    country.value = example['country'] ?? '';
  }

  const element = h(
    'div',
    {},
    h('section', { class: 'block' }, h('h2', {}, words.contact), email.element),
    h(
      'section',
      { class: 'block' },
      h('h2', {}, words.address),
      h(
        'div',
        { class: 'fields' },
        ...address.map((field) => field.element),
        h('div', { class: 'field' }, h('label', { for: 'country' }, words.country), country),
      ),
    ),
  );
  return { element, email: () => email.input.value.trim(), check, fillExample };
}
