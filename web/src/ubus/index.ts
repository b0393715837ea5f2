// A small typed client of OpenWrt's ubus over HTTP (POST /ubus).
export * from './client.ts';
export * from './clock.ts';
export * from './fault.ts';
export * from './objects.ts';
export * from './poll.ts';
export type { Fetch } from './post.ts';
