import { hasToken, keepToken } from './api.js';
import { byId, setText } from './element.js';

/**
 * Asks for the token and resolves when one was given; whether it is right, the next request shows.
 */
export function askForToken() {
  const dialog = byId('token-dialog');
  const input = byId('token-input');
  setText(byId('token-wrong'), hasToken() ? 'That token was not accepted.' : '');
  return new Promise((resolve) => {
    byId('token-form').onsubmit = (event) => {
      event.preventDefault();
      keepToken(input.value.trim());
      input.value = '';
      dialog.close();
      resolve();
    };
    // Without a token there is nothing to show: Escape does not close it.
    dialog.oncancel = (event) => event.preventDefault();
    dialog.showModal();
  });
}
