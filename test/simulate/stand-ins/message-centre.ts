/** What is read again later changes nothing of what is promised. */
export class MessageCentre {
  welcomed(): void {}
  show(): void {}
  withdrawn(): void {}
  ordered(): void {}
  lessOf(): void {}
}
