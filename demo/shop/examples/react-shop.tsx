import { useState } from 'react';
import { createRoot } from 'react-dom/client';

const teapot = { item_id: 'teapot', item_name: 'Pine teapot', price: 64, quantity: 1 };

function Shop() {
  const [count, setCount] = useState(0);
  const [displayed, setDisplayed] = useState('');
  const add = () => {
    setCount(count + 1);
    window.cartbell?.('event', 'add_to_cart', { currency: 'EUR', value: 64, items: [teapot] });
  };
  return (
    <>
      <header>
        <h1>Cartbell in React</h1>
        <span className="bell" data-cartbell-bell="" />
      </header>
      <main data-displayed={displayed}>
        <p>A teapot for €64. Add it and wait ten seconds.</p>
        <button type="button" onClick={add}>
          Add to cart
        </button>
        <p role="status">{count > 0 ? `In your cart: ${count}` : ''}</p>
      </main>
      <cart-bell
        site="pk_demo"
        theme="soft"
        oncartbell:displayed={({ detail }) => setDisplayed(detail.rule)}
      />
    </>
  );
}

const root = document.createElement('div');
document.body.append(root);
createRoot(root).render(<Shop />);
