// How screens reach the store; widgets don't.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Store } from '../store/store.ts';

export const StoreContext = createContext<Store | undefined>(undefined);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('a screen outside of the page');
  return store;
}
