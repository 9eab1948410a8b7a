// The page side of the host tests: does in the window what test/host/support/driver.ts asks for over HTTP.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Listens on a free local port. `page()` gives Playwright's page of the window, `screenshots` is the folder for pictures,
 * `apiServer` the API server beside the window if there is one.
 * Returns the address, promises of the beginning and of the report, and `close()`.
 */
export async function startDriver({ page, screenshots, apiServer }) {
  const begun = Promise.withResolvers();
  const reported = Promise.withResolvers();
  const actions = {
    begin: () => begun.resolve(),
    report: ({ results }) => reported.resolve(results),
    screenshot: async ({ name, theme }) => {
      const path = join(screenshots, theme, `${name.replaceAll(/[^\w.-]/g, '-')}.png`);
      mkdirSync(dirname(path), { recursive: true });
      // The window paints a change a frame or two after the extension host is told of it.
      await sleep(400);
      await (await page()).screenshot({ path });
    },
    press: async ({ keys }) => (await page()).keyboard.press(keys),
    type: async ({ text }) => (await page()).keyboard.type(text),
    click: async ({ selector, button = 'left' }) =>
      (await first(selector)).click({ timeout: 5000, button }),
    hover: async ({ selector }) => (await first(selector)).hover({ timeout: 5000 }),
    killApiServer: () => apiServer.kill(),
    restartApiServer: () => apiServer.restart(),
    domText: async ({ selector }) => {
      const texts = (await page()).frames().map((frame) =>
        frame
          .locator(selector)
          .evaluateAll(textsOfVisible)
          .catch(() => []),
      );
      return (await Promise.all(texts)).flat();
    },
  };

  async function visible(selector) {
    const found = [];
    for (const frame of (await page()).frames()) {
      for (const element of await frame.locator(selector).all()) {
        if (await element.isVisible()) found.push(element);
      }
    }
    return found;
  }

  async function first(selector) {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const [element] = await visible(selector);
      if (element) return element;
      if (Date.now() > deadline) throw new Error(`nothing visible matches ${selector}`);
      await sleep(100);
    }
  }

  const server = createServer(async (request, response) => {
    const answer = await perform(request).then(
      (value) => ({ value }),
      (error) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });

  async function perform(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const action = request.url.slice(1);
    if (!Object.hasOwn(actions, action)) throw new Error(`there is no action ${action}`);
    return actions[action](JSON.parse(Buffer.concat(chunks).toString('utf8')));
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    begun: begun.promise,
    reported: reported.promise,
    close: () => server.close(),
  };
}

/** Runs in the page. A frame that goes away meanwhile has no text. */
function textsOfVisible(elements) {
  return elements
    .filter((element) => element.checkVisibility() && element.getClientRects().length > 0)
    .map((element) => element.innerText);
}
