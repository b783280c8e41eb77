import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { CartbellAttributes, CartbellDetail } from './cartbell.d.ts';

type Heard = (event: CustomEvent<CartbellDetail>) => void;

/** React 19 listens to an element's own events under their own names. */
interface CartbellHandlers {
  'oncartbell:displayed'?: Heard;
  'oncartbell:clicked'?: Heard;
  'oncartbell:dismissed'?: Heard;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'cart-bell': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> &
        CartbellAttributes &
        CartbellHandlers;
    }
  }
}
