import { hasToken, keepToken } from './api.js';
import { byId, setText } from './element.js';

/**
 * Asks for the token and resolves when one was entered. The next request shows whether it is right.
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
    // Without a token there is no data: Escape does not close the dialog.
    dialog.oncancel = (event) => event.preventDefault();
    dialog.showModal();
  });
}
