// Numbers and moments as people read them, in the language in force.
import { locale, t } from '../t.ts';

/** What stands between a sentence and what follows: a full-width stop needs no space behind it. */
export const gapAfter = (sentence: string): string => (/^$|[。！？：]$/.test(sentence) ? '' : ' ');

/** One after the other, without those that are empty. */
export const joinSentences = (sentences: readonly (string | false | undefined)[]): string =>
  sentences.reduce<string>((all, next) => (next ? `${all}${gapAfter(all)}${next}` : all), '');

const formats = new Map<string, Intl.NumberFormat>();

/** With at most `most` digits behind the point, or `least` at least. */
export function formatNumber(value: number, most: number, least = 0): string {
  const key = `${locale()} ${most} ${least}`;
  const known = formats.get(key);
  const format = known ?? new Intl.NumberFormat(locale(), { maximumFractionDigits: most, minimumFractionDigits: least, useGrouping: false });
  if (!known) formats.set(key, format);
  return format.format(value);
}

/** As in "1 error, 2 warnings". */
export const formatList = (parts: readonly string[]): string => new Intl.ListFormat(locale(), { style: 'narrow' }).format(parts);

const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'] as const;

/** In the unit that gives one to three digits before the point, and how many behind it make three figures. */
function scale(bps: number): { value: number; digits: number; unit: string } {
  let value = bps;
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return { value, digits, unit: units[step] ?? '' };
}

/** Three figures at most, as in 9.67 Mbit/s; a dash where nothing was measured. */
export function formatRate(bps: number | null): { figure: string; unit: string } {
  if (bps === null) return { figure: '–', unit: '' };
  const { value, digits, unit } = scale(bps);
  return { figure: formatNumber(value, digits, digits), unit };
}

export function rateText(bps: number | null): string {
  const { figure, unit } = formatRate(bps);
  return unit ? `${figure} ${unit}` : figure;
}

const amounts = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Three figures at most, as in 1.25 GB. */
export function bytesText(bytes: number): string {
  const step = Math.min(amounts.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes) * 1.0005) / 3)));
  const value = bytes / 1000 ** step;
  return `${value.toFixed(step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${amounts[step]}`;
}

/** A mark of a rate axis, without figures that say nothing: 0, 500 kbit/s, 12.5 Mbit/s. */
export function formatTick(bps: number): string {
  const { value, digits, unit } = scale(bps);
  return bps === 0 ? '0' : `${formatNumber(value, digits)} ${unit}`;
}

/** From here on seconds are no measure any more; from a day on, neither are hours. */
const LONG_AGO_S = 600;

/** A moment of the time axis, counted back from now: now, −15 s, −2 min, −1 h, −3 d; between such marks also −1 h 23 min. */
export function formatAgo(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole >= LONG_AGO_S && whole % (whole < 86_400 ? 60 : 86_400) !== 0) return `−${formatDuration(whole)}`;
  if (whole === 0) return t('now');
  if (whole % 86_400 === 0) return t('−{days} d', { days: whole / 86_400 });
  if (whole % 3600 === 0) return t('−{hours} h', { hours: whole / 3600 });
  return whole % 60 === 0 ? t('−{minutes} min', { minutes: whole / 60 }) : t('−{seconds} s', { seconds: whole });
}

/** As in 42 s, 5 min 3 s, 2 h 5 min, 3 d 4 h. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) return t('{days} d {hours} h', { days, hours });
  if (hours > 0) return t('{hours} h {minutes} min', { hours, minutes });
  if (minutes > 0) return t('{minutes} min {seconds} s', { minutes, seconds: whole % 60 });
  return t('{seconds} s', { seconds: whole });
}

/** Day and time in the reader’s time zone. */
export const formatMoment = (wallS: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(wallS * 1000);

/** For machines, as `<time datetime>` takes it; empty for what is no moment. */
export const isoMoment = (wallS: number): string => (Math.abs(wallS) < 8.64e12 ? new Date(wallS * 1000).toISOString() : '');
