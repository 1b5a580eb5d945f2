& (Join-Path $PSScriptRoot 'command.ps1') sweep @args; exit $LASTEXITCODE
