/** A comm to one kernel, in both directions: the kernel opens it when the extension is loaded, or we find it there. */

import { Kernel, KernelMessage } from '@jupyterlab/services';
import { JSONObject } from '@lumino/coreutils';
import { Say } from './format.js';
import { busyByServer } from './kernel.js';
import { isSnapshot, Reply, Snapshot, TARGET, VERSION } from './messages.js';
import { Replies } from './replies.js';

export interface Listener {
  loaded(): void; // the extension was loaded just now, before our eyes
  hello(): JSONObject; // what to say of this page
  snapshotCame(snapshot: Snapshot): void;
  runs(told: Snapshot['running']): void; // a candidate has run for a moment
  troubleCame(text: string): void; // the kernel speaks another version, or met a fault of its own
  cell(running: boolean): void; // a cell of this kernel began or ended
  lost(): void; // the kernel restarts or is gone
  sought(): void; // whether the kernel has the extension is known, or not known any longer
}

export class Link {
  private _comm: Kernel.IComm | null = null;
  private readonly _replies = new Replies();
  private _cell: string | null = null;
  private _disposed = false;
  private _seeking = false;
  private _busy = false; // by the server's word

  constructor(
    private readonly kernel: Kernel.IKernelConnection,
    private readonly listener: Listener,
    private readonly say: Say
  ) {
    if (kernel.handleComms) {
      kernel.registerCommTarget(TARGET, this._opened);
    }
    kernel.statusChanged.connect(this._onStatus, this);
    kernel.connectionStatusChanged.connect(this._onConnection, this);
    kernel.iopubMessage.connect(this._onMessage, this);
    void this._find();
  }

  get connected(): boolean {
    return this._comm !== null && !this._comm.isDisposed;
  }

  /** Whether it is still open if the kernel has the extension: a busy one does not say. */
  get seeking(): boolean {
    return this._seeking && !this.connected;
  }

  /** Whether that is because it works: until it has answered once, only the server knows. */
  get isBusy(): boolean {
    return this.seeking && (this._busy || this.kernel.status === 'busy');
  }

  /** Say something that needs no answer. */
  tell(kind: string, more: JSONObject = {}): void {
    if (this._comm && !this._comm.isDisposed) {
      this._comm.send({ version: VERSION, kind, ...more });
    }
  }

  sayHello(): void {
    this.tell('hello', this.listener.hello());
  }

  /** Ask, and wait for the reply; a kernel that goes away replies with one line. */
  ask(what: string, asked: JSONObject = {}, progress: (text: string) => void = () => undefined): Promise<Reply> {
    if (!this.connected) {
      return Promise.resolve({
        ok: false,
        lines: [this.say('The kernel is not connected. Run %1, then try again.', '%load_ext mlee_jupyter')]
      });
    }
    return this._replies.ask(id => this.tell('ask', { ...asked, id, ask: what }), progress);
  }

  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    this._drop();
    if (!this.kernel.isDisposed) {
      this.kernel.removeCommTarget(TARGET, this._opened);
      this.kernel.statusChanged.disconnect(this._onStatus, this);
      this.kernel.connectionStatusChanged.disconnect(this._onConnection, this);
      this.kernel.iopubMessage.disconnect(this._onMessage, this);
    }
  }

  /** A kernel that has the extension keeps a comm of our name open; asking for it disturbs no other kernel. */
  private async _find(): Promise<void> {
    this._seeking = true;
    void busyByServer(this.kernel).then(busy => {
      this._busy = busy;
      if (!this._disposed) {
        this.listener.sought();
      }
    });
    try {
      await this.kernel.info;
      const reply = await this.kernel.requestCommInfo({ target_name: TARGET });
      const there = reply.content.status === 'ok' && Object.keys(reply.content.comms).length > 0;
      if (!there || this.connected || this._disposed || !this.kernel.handleComms) {
        return;
      }
      const comm = this.kernel.createComm(TARGET);
      this._take(comm);
      comm.open({ version: VERSION, kind: 'hello', ...this.listener.hello() });
    } catch {
      return; // a kernel that ended meanwhile, or one that knows no comms
    } finally {
      this._seeking = false;
      if (!this._disposed) {
        this.listener.sought();
      }
    }
  }

  private _opened = (comm: Kernel.IComm): void => {
    this._take(comm);
    this.listener.loaded();
    this.sayHello();
  };

  private _take(comm: Kernel.IComm): void {
    this._comm = comm;
    comm.onMsg = message => this._got(message.content.data);
    comm.onClose = () => {
      if (this._comm === comm) {
        this._drop();
        this.listener.lost(); // %unload_ext, or a kernel that knows us no longer
      }
    };
  }

  private _got(data: JSONObject): void {
    if (isSnapshot(data)) {
      this.listener.snapshotCame(data);
    } else if (data.kind === 'running') {
      this.listener.runs(data as unknown as Snapshot['running']);
    } else if (data.kind === 'progress') {
      this._replies.progress(Number(data.id), textOf(data));
    } else if (data.kind === 'reply') {
      this._replies.came(Number(data.id), data as unknown as Reply);
    } else if (data.kind === 'fault') {
      this.listener.troubleCame(textOf(data));
    } else if (data.kind === 'snapshot') {
      this.listener.troubleCame(
        this.say('The kernel has another version of mlee_jupyter than this page: reload the page.')
      );
    }
  }

  private _drop(): void {
    this._comm = null;
    this._replies.drop(this.say('The kernel went away before it answered.'));
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting' || status === 'dead' || status === 'terminating') {
      this._cell = null;
      this._drop();
      this.listener.lost();
    }
  }

  private _onConnection(_: unknown, status: Kernel.ConnectionStatus): void {
    if (status === 'connected') {
      if (this.connected) {
        this.sayHello(); // what was sent while the line was down is lost: ask anew
      } else {
        void this._find();
      }
    }
  }

  /** Cells, whoever ran them: the kernel echoes the code of each, and says idle when it is through. */
  private _onMessage(_: unknown, message: KernelMessage.IIOPubMessage): void {
    const parent = 'msg_id' in message.parent_header ? message.parent_header.msg_id : null;
    if (KernelMessage.isExecuteInputMsg(message)) {
      this._cell = parent;
      this.listener.cell(true);
    } else if (this.seeking && KernelMessage.isCommMsgMsg(message) && isSnapshot(message.content.data)) {
      this.listener.snapshotCame(message.content.data); // to this page as it was before it was loaded anew
    } else if (KernelMessage.isStatusMsg(message) && message.content.execution_state === 'idle') {
      if (this._cell !== null && parent === this._cell) {
        this._cell = null;
        this.listener.cell(false);
      }
    }
  }
}

function textOf(said: JSONObject): string {
  return typeof said.text === 'string' ? said.text : '';
}
