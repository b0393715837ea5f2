// Leads to the first field with a mistake, and opens what hides it.
export function focusMistake(within: Element | null): void {
  const first = within?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (!first) return;
  for (let closed = first.closest('details'); closed; closed = closed.parentElement?.closest('details') ?? null) closed.open = true;
  first.focus();
}
