// The program's version, put in by the build from package.json.
declare const VERSION: string;

export const version: string = VERSION;
