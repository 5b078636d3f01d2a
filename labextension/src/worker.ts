/** The kernel that converts a notebook: the notebook's own where it is free, else one of a hidden session. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt, URLExt } from '@jupyterlab/coreutils';
import { Kernel, ServerConnection, Session } from '@jupyterlab/services';
import { JSONObject, UUID } from '@lumino/coreutils';
import { Say } from './format.js';
import { Link, Listener } from './link.js';
import { Reply } from './messages.js';
import { NotebookState } from './state.js';

// milliseconds
const CONNECT_WITHIN = 60_000;
const FREE_WITHIN = 5000;
const POLL_EVERY = 100;

export interface Worker {
  ask(what: string, asked: JSONObject, progress?: (text: string) => void): Promise<Reply>;
  stop(): Promise<void>; // what it is doing now
  end(): Promise<void>; // it is needed no longer
}

/** The notebook's kernel; null where none runs, where it is busy with cells, or does not have the extension loaded. */
export async function ownKernel(state: NotebookState | undefined): Promise<Worker | null> {
  const kernel = state?.panel.sessionContext.session?.kernel;
  if (!kernel || !(await isFree(state, kernel))) {
    return null;
  }
  return {
    ask: (what, asked, progress) => state.ask(what, asked, progress),
    stop: () => kernel.interrupt(),
    end: () => Promise.resolve()
  };
}

/** A kernel that works on no cell may still be at work for this page, on a snapshot say: that is over soon. */
async function isFree(state: NotebookState, kernel: Kernel.IKernelConnection): Promise<boolean> {
  const until = Date.now() + FREE_WITHIN;
  while (state.connected && kernel.status === 'busy' && !state.running && Date.now() < until) {
    await new Promise(resolve => setTimeout(resolve, POLL_EVERY));
  }
  return state.connected && kernel.status === 'idle';
}

/**
 * A kernel of the notebook's own kind, in its folder, with the extension loaded, that nobody sees. It ends with the
 * page too, so that no kernel is left behind.
 *
 * Rejects with one line for the user; with an empty one where `stopped` said so.
 */
export async function hiddenKernel(
  app: JupyterFrontEnd,
  path: string,
  kernelName: string | undefined,
  say: Say,
  stopped: () => boolean
): Promise<Worker> {
  const name = kernelName ?? (await nameIn(app, path));
  const session = await app.serviceManager.sessions.startNew({
    name: 'mlee',
    path: PathExt.join(PathExt.dirname(path), `mlee-convert-${UUID.uuid4()}`),
    type: 'console',
    kernel: { name }
  });
  const leave = () => endNow(session);
  window.addEventListener('pagehide', leave);
  const end = async () => {
    window.removeEventListener('pagehide', leave);
    await session.shutdown().catch(() => undefined);
  };
  try {
    const link = await connect(session, name, say, stopped);
    return {
      ask: (what, asked, progress) => link.ask(what, asked, progress),
      stop: end,
      end: () => {
        link.dispose();
        return end();
      }
    };
  } catch (fault) {
    await end();
    throw fault;
  }
}

async function connect(
  session: Session.ISessionConnection,
  name: string,
  say: Say,
  stopped: () => boolean
): Promise<Link> {
  const silent = say('The kernel %1 did not answer.', name);
  if (!session.kernel) {
    throw new Error(silent);
  }
  const link = new Link(session.kernel, NOBODY, say);
  const code = '%load_ext mlee_jupyter';
  const loaded = await session.kernel.requestExecute({ code, silent: true, store_history: false }).done;
  if (loaded.content.status !== 'ok') {
    throw new Error(say('mlee_jupyter is not installed in the kernel %1.', name));
  }
  const until = Date.now() + CONNECT_WITHIN;
  while (!link.connected && Date.now() < until && !stopped()) {
    await new Promise(resolve => setTimeout(resolve, POLL_EVERY));
  }
  if (stopped() || !link.connected) {
    throw new Error(stopped() ? '' : silent);
  }
  return link;
}

/** The kernel that a notebook's file asks for, if it is here; else the server's usual one. */
async function nameIn(app: JupyterFrontEnd, path: string): Promise<string> {
  const specs = app.serviceManager.kernelspecs;
  await specs.ready;
  const file = await app.serviceManager.contents.get(path, { content: true });
  const told = file.content as { metadata?: { kernelspec?: { name?: unknown } } } | null;
  const named = told?.metadata?.kernelspec?.name;
  return typeof named === 'string' && specs.specs?.kernelspecs[named] ? named : (specs.specs?.default ?? 'python3');
}

/** The page goes: only a request that outlives it still reaches the server. */
function endNow(session: Session.ISessionConnection): void {
  const { serverSettings } = session;
  const url = URLExt.join(serverSettings.baseUrl, 'api/sessions', encodeURIComponent(session.id));
  void ServerConnection.makeRequest(url, { method: 'DELETE', keepalive: true }, serverSettings).catch(() => undefined);
}

const NOBODY: Listener = {
  loaded: () => undefined,
  hello: () => ({}),
  snapshotCame: () => undefined,
  runs: () => undefined,
  troubleCame: () => undefined,
  cell: () => undefined,
  lost: () => undefined,
  sought: () => undefined
};
