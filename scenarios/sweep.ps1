# Removes what earlier runs have left in a CMS: sweep.ps1 --host URL [options], --help lists them.
& (Join-Path $PSScriptRoot 'command.ps1') sweep @args; exit $LASTEXITCODE
