/** The bundler hands a script over as its text. */
declare module '*.lua?raw' {
  const text: string;
  export default text;
}
