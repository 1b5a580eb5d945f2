# Makes test accounts on a CMS and the accounts file for them, or removes both (--remove): provision.ps1 --host URL [options], --help lists them.
& (Join-Path $PSScriptRoot 'command.ps1') provision @args; exit $LASTEXITCODE
