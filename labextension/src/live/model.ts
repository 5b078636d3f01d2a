/** The widget as anywidget hands it over, and what is said over it. */

import type { LiveView } from '../messages.js';

type Listener = (message?: unknown) => void;

export interface LiveModel {
  get(name: string): unknown;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  send(content: { kind: 'here' | 'gone' | 'why'; view: string; key?: string }): void;
  widget_manager?: { get_model?: (id: unknown) => Promise<{ comm_live?: boolean }> };
}

/** The kernel's answer to one page that asked why a row stands where it does. */
export interface Answer {
  kind: 'why';
  view: string;
  key: string;
  text: string;
}

export function isAnswer(message: unknown): message is Answer {
  const told = message as Partial<Answer> | null | undefined;
  return told?.kind === 'why' && typeof told.view === 'string' && typeof told.key === 'string';
}

/** What the model holds to be drawn; null where it holds nothing whole. */
export function viewOf(model: LiveModel): LiveView | null {
  try {
    return JSON.parse(String(model.get('view'))) as LiveView;
  } catch {
    return null;
  }
}
