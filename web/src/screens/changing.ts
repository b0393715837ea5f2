// The screens that change the configuration, fetched together: once something was typed, nothing more must come from the router to show how it goes.
export { ApplyScreen } from './apply.tsx';
export { PreviewScreen } from './preview.tsx';
export { SetupScreen } from './setup.tsx';
export { WizardScreen } from './wizard.tsx';
