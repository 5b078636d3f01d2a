/** Texts from values; pure. Times only: every other number arrives finished from the kernel. */

import type { Board, Finding, Level, Status } from './messages.js';

/** Translates a text with %1, %2 in it. */
export type Say = (text: string, ...values: (string | number)[]) => string;

/** For places without a translator, and for tests. */
export const plainly: Say = (text, ...values) =>
  text.replace(/%(\d)/g, (_, place: string) => String(values[Number(place) - 1] ?? ''));

/** "45 s", "10 min", "3 h 40", "6 h": the words of the kernel's own clock. */
export function timeText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${String(rest).padStart(2, '0')}` : `${minutes / 60} h`;
}

/** The same without blanks, for a status bar: "3h40", "6h", "10min", "45s". */
export function shortTime(seconds: number): string {
  return timeText(seconds).replace(/ /g, '');
}

/** How long ago: "now", "10 min ago", "3 h ago", "2 days ago". */
export function ageText(milliseconds: number, say: Say = plainly): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000);
  if (minutes < 1) {
    return say('now');
  }
  if (minutes < 60) {
    return say('%1 min ago', minutes);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return say('%1 h ago', hours);
  }
  return say('%1 days ago', Math.floor(hours / 24));
}

/** The hour of a moment, and its day where that is not today: "14:02", "23 Nov 14:02". */
export function momentText(moment: Date, today: Date = new Date()): string {
  const hour = `${String(moment.getHours()).padStart(2, '0')}:${String(moment.getMinutes()).padStart(2, '0')}`;
  if (moment.toDateString() === today.toDateString()) {
    return hour;
  }
  return `${moment.getDate()} ${moment.toLocaleString('en', { month: 'short' })} ${hour}`;
}

/** A count with its thousands apart: "2,800". */
export function countOf(number: number): string {
  return number.toLocaleString('en');
}

/** At most so many characters of a name, no half ones. */
export function shortened(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}

export interface StatusLine {
  label: string; // the experiment's name, cut
  time: string;
  text: string; // what is to be said of the time, and what was found
  word: string; // what the colour means; empty where there is nothing to say
  mood: 'calm' | 'late' | 'over';
  title: string;
}

/** Used time from which the status item has a colour and a word. */
export const LATE = 0.8;

/** "shelf 3h40/6h  1 warning"; from 80% of the box on with a word beside the colour. */
export function statusLine(status: Status, usedSeconds: number, counts: string, say: Say = plainly): StatusLine {
  const box = status.box_seconds;
  const share = box ? usedSeconds / box : 0;
  const running = status.state === 'open';
  const mood = !running || !box || share < LATE ? 'calm' : share < 1 ? 'late' : 'over';
  const word =
    mood === 'over' && box
      ? say('over by %1', timeText(usedSeconds - box))
      : mood === 'late' && box
        ? say('%1 left', timeText(box - usedSeconds))
        : running
          ? ''
          : say(status.state);
  const time = box ? `${shortTime(usedSeconds)}/${shortTime(box)}` : shortTime(usedSeconds);
  const label = shortened(status.label, 24);
  return {
    label,
    time,
    text: [word, counts].filter(Boolean).join('  '),
    word,
    mood,
    title: say('%1: click for the panel', status.label)
  };
}

/** "1 error, 2 warnings"; advice waits in the panel. */
export function countText(findings: readonly Pick<Finding, 'level' | 'outcome'>[], say: Say = plainly): string {
  const open = (level: Level) => findings.filter(f => f.outcome === 'finding' && f.level === level).length;
  const parts: string[] = [];
  const errors = open('error');
  const warnings = open('warning');
  if (errors) {
    parts.push(errors === 1 ? say('1 error') : say('%1 errors', errors));
  }
  if (warnings) {
    parts.push(warnings === 1 ? say('1 warning') : say('%1 warnings', warnings));
  }
  return parts.join(', ');
}

/** The same, with what only the notebook's text shows apart: the boards do not know of it. */
export function foundText(findings: readonly Finding[], board: Board | null, say: Say = plainly): string {
  if (!board) {
    return countText(findings, say);
  }
  const { errors, warnings, advice } = board.findings;
  const known = new Set([...errors, ...warnings, ...advice].map(one => one.rule));
  const own = countText(
    findings.filter(one => known.has(one.rule)),
    say
  );
  const text = countText(
    findings.filter(one => !known.has(one.rule)),
    say
  );
  return [own, text && say('%1 in the notebook', text)].filter(Boolean).join(', ');
}

/** A toast holds 140 characters. */
export function shorten(text: string): string {
  return text.length > 138 ? `${text.slice(0, 137)}…` : text;
}

/** A package's name from a notebook's: letters, digits and underscores. */
export function packageName(stem: string): string {
  const name = stem
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 60);
  return /^[a-z]/.test(name) ? name : `nb_${name}`.replace(/_$/, '');
}
