/** What is read again later changes nothing of what is promised. */
export class MessageCentre {
  welcomed(): void {}
  note(): void {}
  withdrawn(): void {}
  ordered(): void {}
  look(): void {}
}
