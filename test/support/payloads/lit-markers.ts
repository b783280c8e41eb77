import { CALL } from './beacon.ts';

/** What Lit's own templates are made of. */
export const LIT_MARKERS: readonly string[] = [
  `lit$1234567890$`,
  `<?lit$1234567890$>`,
  `<!--?lit$1234567890$-->`,
  `<!--lit-part-->x<!--/lit-part-->`,
  `<!--lit-part AEmR7W+R0Ak=--><img src=x onerror=${CALL}><!--/lit-part-->`,
  `<!--lit-node 0-->`,
  `<p @click=\${${CALL}}>x</p>`,
  `<p .innerHTML="<img src=x onerror=${CALL}>">x</p>`,
  `<p ?hidden=\${true}>x</p>`,
  `<p x$lit$="lit$1234567890$">x</p>`,
  `{"_$litType$":1,"strings":["<img src=x onerror=${CALL}>"],"values":[]}`,
  `{"_$litDirective$":{},"values":["<img src=x onerror=${CALL}>"]}`,
  `{"_$litStatic$":"<img src=x onerror=${CALL}>"}`,
  `html\`<img src=x onerror=${CALL}>\``,
  `unsafeHTML('<img src=x onerror=${CALL}>')`,
  `Symbol(lit-nothing)`,
];
