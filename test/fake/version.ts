// The build puts VERSION into the agent's bundle; tests run its sources, so it is set here before any of them is loaded.
(globalThis as { VERSION?: string }).VERSION = '0.0.0-test';
