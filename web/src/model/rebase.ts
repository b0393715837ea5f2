// Forms over a configuration that somebody else stored while they were open.

const isSame = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Those without anything typed follow what is stored, with what others added or removed; what was typed, removed or moved
 * here stays so. `base`: what was stored when they began. `isChanged`: was anything typed since `before`?
 */
export function rebase<Form extends { key: string }>(
  forms: readonly Form[],
  base: readonly Form[],
  stored: readonly Form[],
  isChanged: (form: Form, before: Form | undefined) => boolean,
): Form[] {
  const find = (among: readonly Form[], key: string): Form | undefined => among.find((form) => form.key === key);
  const followed = forms.flatMap((form) => {
    const next = find(stored, form.key);
    if (isChanged(form, find(base, form.key))) return form;
    // The same object where nothing changed: what the agent said of it still holds.
    return next === undefined ? [] : isSame(form, next) ? form : next;
  });
  return [...followed, ...stored.filter(({ key }) => !find(base, key) && !find(followed, key))];
}
