/** Which findings are news: each is announced once, and none that was there before this page looked. Pure. */

import type { Finding, Snapshot } from './messages.js';

const MOST = 500; // remembered

export class News {
  private _told: string[] | null = null; // null: nothing was seen yet

  get told(): string[] {
    return this._told ?? [];
  }

  /** From here on a finding is news, unless it was told before. */
  begin(told: string[] = []): void {
    this._told ??= told;
  }

  /** What a snapshot says for the first time; the very first one of a running experiment is only taken in. */
  of(snapshot: Snapshot): Finding[] {
    const open = snapshot.findings.filter(finding => finding.outcome === 'finding');
    const key = (finding: Finding) => `${snapshot.status?.name ?? ''}/${finding.rule}`;
    const told = this._told;
    this._told = [...new Set([...(told ?? []), ...open.map(key)])].slice(-MOST);
    return told === null ? [] : open.filter(finding => !told.includes(key(finding)));
  }
}
