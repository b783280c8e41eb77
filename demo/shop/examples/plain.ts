const shown = document.querySelector('[role=status]');

document.addEventListener('click', ({ target }) => {
  const isButton = target instanceof HTMLElement && target.matches('button');
  if (isButton && shown) shown.textContent = 'In your cart: 1';
});

// The events bubble, so one listener hears of every nudge.
document.body.addEventListener('cartbell:displayed', ({ detail }) => {
  document.body.dataset['displayed'] = detail.rule;
});
