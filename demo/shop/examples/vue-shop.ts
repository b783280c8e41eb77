import { createApp, defineComponent, h, ref } from 'vue';

const teapot = { item_id: 'teapot', item_name: 'Pine teapot', price: 64, quantity: 1 };

/** With templates, `compilerOptions.isCustomElement: (tag) => tag === 'cart-bell'` tells Vue that the element is none of its own. */
const Shop = defineComponent(() => {
  const [count, displayed] = [ref(0), ref('')];
  const add = () => {
    count.value++;
    window.cartbell?.('event', 'add_to_cart', { currency: 'EUR', value: 64, items: [teapot] });
  };
  return () => [
    h('header', [h('h1', 'Cartbell in Vue'), h('span', { class: 'bell', 'data-cartbell-bell': '' })]),
    h('main', { 'data-displayed': displayed.value }, [
      h('p', 'A teapot for €64. Add it and wait ten seconds.'),
      h('button', { type: 'button', onClick: add }, 'Add to cart'),
      h('p', { role: 'status' }, count.value > 0 ? `In your cart: ${count.value}` : ''),
    ]),
    h('cart-bell', {
      site: 'pk_demo',
      theme: 'plain',
      'onCartbell:displayed': ({ detail }: CustomEvent<{ rule: string }>) => (displayed.value = detail.rule),
    }),
  ];
});

const root = document.createElement('div');
document.body.append(root);
createApp(Shop).mount(root);
